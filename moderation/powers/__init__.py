"""What holders of an office do alone, within what the constitution lets them, until members ratify it or it
expires."""
