"""Previews of the pages that statuses link to: kept by `actions`, read by `reading`, shown by `hydrate`. The pages
are fetched by `activitypub.previews`."""
