-- How long a page was open before its visitor's first write, which is known without recording anything (lib/auth/guest.h).

ALTER TABLE visitor ADD COLUMN entered TINYINT UNSIGNED NULL COMMENT 'seconds from the challenge, which the first answer of the site carries, to the first write, 255: that or more; NULL: unknown, or an account from the start';
