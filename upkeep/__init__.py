"""What operators do after the first day: roll, drain, revive, back up, restore, rotate."""
