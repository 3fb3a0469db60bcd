-- When a licence was validated last is written all the time: with room in its page, no index has to follow.
ALTER TABLE "license" SET (fillfactor = 80);
