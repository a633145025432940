"""Benchmarks: each prints JSON; every engine answers the same requests and must give the same answers."""
