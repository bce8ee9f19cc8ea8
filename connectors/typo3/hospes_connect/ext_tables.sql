CREATE TABLE tx_hospesconnect_link (
	identity varchar(64) DEFAULT '' NOT NULL,
	user_table varchar(32) DEFAULT '' NOT NULL,
	user_uid int(11) unsigned DEFAULT '0' NOT NULL,
	issuer varchar(255) DEFAULT '' NOT NULL,
	sub varchar(255) DEFAULT '' NOT NULL,
	crdate int(11) unsigned DEFAULT '0' NOT NULL,

	PRIMARY KEY (identity),
	KEY person (user_table, user_uid)
);

CREATE TABLE tx_hospesconnect_once (
	name varchar(64) DEFAULT '' NOT NULL,
	expires int(11) unsigned DEFAULT '0' NOT NULL,

	PRIMARY KEY (name),
	KEY expires (expires)
);
