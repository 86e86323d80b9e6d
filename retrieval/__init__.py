"""Passage finds and quotes. (The door is filled in below as the rooms are built.)"""
