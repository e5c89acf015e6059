"""A deployment rehearsed on a real PostgreSQL: do the pools that a synthesized template sets fit the server?"""
