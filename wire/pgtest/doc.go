// Package pgtest runs scripts of protocol conversations against a server: ours,
// or a real PostgreSQL, which writes the expectations.
//
// A script is a text file of directives, one a line; # begins a comment.
//
//	connect NAME [key=value …]   open a connection; the keys are startup
//	                             parameters, and version=196608 the protocol's.
//	                             Unless told otherwise: user and database
//	                             postgres, TimeZone UTC. JSON in place of the
//	                             keys may have spaces in its values.
//	open NAME                    open a connection and say nothing yet
//	on NAME                      go on with that connection
//	send TYPE [JSON]             send a message: its pgproto3 struct as JSON
//	raw HEX                      send bytes as they are
//	cancel NAME                  send a CancelRequest for that connection
//	sleep DURATION               wait
//	close                        close the connection
//	ignore TYPE …                leave out messages of these types from now on
//	until TYPE                   read up to a message of this type, or EOF; until
//	                             BYTE reads the one byte that answers a request
//	                             for encryption
//
// The lines after until, up to an empty one, are the messages that must come, as
// Render writes them. What differs between servers by nature (keys, versions,
// source lines, oids of tables) is not in them.
//
// With -pgtest.rewrite the messages that came replace those lines. Do so
// only against a real PostgreSQL.
package pgtest
