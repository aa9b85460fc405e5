"""Questions with several options: what is asked, and how it is answered. Counting is `moderation.choosing`."""
