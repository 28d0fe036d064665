"""Who may do what: principals, their roles by subject and context, and how they prove who they are."""
