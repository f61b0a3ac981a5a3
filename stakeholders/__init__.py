"""Who? Gemeenten, parties and persons, who may act for whom, and the mail that reaches them.

May import `thuiswijk.lib` only.
"""
