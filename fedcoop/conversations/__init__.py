"""Conversations: what was said directly, by thread and by who took part, each as one of those who did sees it."""
