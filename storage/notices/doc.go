// Package notices carries notifications between the servers over one bucket, at a cost
// that is bounded: what a server has to tell within an interval goes into one object
// below plugin=s3db-sql/notices/, where s3db.js looks for nothing, and who has listeners
// lists that prefix once in each interval.
//
// Requests: a PUT for each interval in which something is told (more for each 4 MB); a
// LIST for each interval in which somebody listens, and a GET for each object of another
// server; one LIST when listening begins, and one when a server first tells anything.
// Deletions are batches.
//
// An object stands for a minute (or ten intervals), in which every listener reads it; its
// writer removes it then, and readers what a writer that has crashed left behind.
//
// What is told is told after the commit, and not twice. It is lost where the server dies
// within the interval behind a commit, and where the store can't be written for several
// attempts. Order is kept among the messages of one server.
package notices
