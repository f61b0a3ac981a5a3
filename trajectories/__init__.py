"""Where and when, and what was said? Trajectories in wijken, their road, their meetings and every contribution as spoken.

May import `stakeholders` and `thuiswijk.lib`.
"""
