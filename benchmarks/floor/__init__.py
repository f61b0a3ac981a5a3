"""The floor: the least that Django can do for the same pages. No sign-in, no rights, no history, no style."""
