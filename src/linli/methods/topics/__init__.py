"""Hot topics: groups of messages on one matter, with name, place, time, support and heat.

`reading` takes messages in, `closeness` says how alike two messages are, `grouping` makes groups, `places` finds what
place a group speaks of, `finding` puts it together and computes the heat. See docs/methods/topics.md.
"""
