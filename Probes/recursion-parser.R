# expect: error — the parser's own stack overflows ("contextstack overflow"), cleanly
# unconfined: ends
parse(text = strrep("(", 2e5))
