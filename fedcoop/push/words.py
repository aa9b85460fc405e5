"""What a pushed notification says, in the languages that we speak; in others in English."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "mention": "{name} mentioned you",
        "status": "{name} just posted",
        "reblog": "{name} boosted your post",
        "follow": "{name} is now following you",
        "follow_request": "{name} asks to follow you",
        "favourite": "{name} favourited your post",
        "poll": "A poll by {name} has ended",
        "update": "{name} edited a post",
        "quote": "{name} quoted your post",
        "quoted_update": "{name} edited a post you quoted",
        "admin.sign_up": "{name} signed up",
        "admin.report": "{name} filed a report",
        "severed_relationships": "You lost connections to people on another server",
        "moderation_warning": "You have received a moderation warning",
        "added_to_collection": "{name} added you to a collection",
        "collection_update": "{name} changed a collection you are in",
    },
    "de": {
        "mention": "{name} hat dich erwähnt",
        "status": "{name} hat gerade etwas geschrieben",
        "reblog": "{name} hat deinen Beitrag geteilt",
        "follow": "{name} folgt dir jetzt",
        "follow_request": "{name} möchte dir folgen",
        "favourite": "{name} gefällt dein Beitrag",
        "poll": "Eine Umfrage von {name} ist beendet",
        "update": "{name} hat einen Beitrag bearbeitet",
        "quote": "{name} hat deinen Beitrag zitiert",
        "quoted_update": "{name} hat einen Beitrag bearbeitet, den du zitierst",
        "admin.sign_up": "{name} hat sich angemeldet",
        "admin.report": "{name} hat etwas gemeldet",
        "severed_relationships": "Du hast Verbindungen zu Menschen auf einem anderen Server verloren",
        "moderation_warning": "Du hast eine Verwarnung erhalten",
        "added_to_collection": "{name} hat dich in eine Sammlung aufgenommen",
        "collection_update": "{name} hat eine Sammlung geändert, in der du bist",
    },
    "fr": {
        "mention": "{name} vous a mentionné·e",
        "status": "{name} vient de publier",
        "reblog": "{name} a partagé votre message",
        "follow": "{name} vous suit",
        "follow_request": "{name} demande à vous suivre",
        "favourite": "{name} a ajouté votre message à ses favoris",
        "poll": "Un sondage de {name} est terminé",
        "update": "{name} a modifié un message",
        "quote": "{name} a cité votre message",
        "quoted_update": "{name} a modifié un message que vous citez",
        "admin.sign_up": "{name} s’est inscrit·e",
        "admin.report": "{name} a fait un signalement",
        "severed_relationships": "Vous avez perdu des relations avec un autre serveur",
        "moderation_warning": "Vous avez reçu un avertissement de la modération",
        "added_to_collection": "{name} vous a ajouté·e à une collection",
        "collection_update": "{name} a modifié une collection dont vous faites partie",
    },
}


def title(kind: str, name: str, locale: str) -> str:
    """One line that says who did what."""
    words = WORDS.get(locale.partition("-")[0].lower(), WORDS["en"])
    return words[kind].format(name=name)
