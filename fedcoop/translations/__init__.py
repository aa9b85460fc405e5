"""Statuses in another language: which texts there are to translate and what is made of them. The service that
translates is asked by `activitypub.translator`."""
