"""Meetings for people: `/meetings`, its filters, and the calendar file."""
