"""Work done behind the scenes: leased to one worker at a time, resumed after a crash, seen by whoever asked for it."""
