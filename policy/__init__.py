"""Policies on the desired state: what a stack must be like, whatever changes. `pulumi preview --policy-pack policy`.

Risks of a *change* are the review's (review/rules). A policy sees one resource, or all of a stack, and no old state.
"""
