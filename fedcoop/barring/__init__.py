"""Who may not join: addresses of machines, providers of e-mail and single e-mail addresses. That somebody who has
an account is shut out of it is not decided here: it takes an act of the co-operative."""
