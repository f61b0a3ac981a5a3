"""Leaf helpers that know no app, each named for what it handles.

May import libraries and each other; never an app.
"""
