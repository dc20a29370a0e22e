// GET /vendors/{prefix} in Go with SQLite: vendors DATABASE PORT
package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"

	_ "github.com/mattn/go-sqlite3"
)

const query = "select prefix, name, address from vendor where prefix = upper(:prefix) order by id"

type vendor struct {
	Prefix  string  `json:"prefix"`
	Name    string  `json:"name"`
	Address *string `json:"address"`
}

type vendors struct {
	Rows []vendor `json:"rows"`
}

type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// Memory that answers are written in, used again.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func writeJSON(w http.ResponseWriter, status int, kind string, value any) {
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		log.Print(err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	body := bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	value := problem{http.StatusText(status), status, detail}
	writeJSON(w, status, "application/problem+json", value)
}

// No QueryContext: the driver starts a goroutine for each query that can be cancelled.
func find(statement *sql.Stmt, prefix string) (vendors, error) {
	var found vendors
	rows, err := statement.Query(prefix)
	if err != nil {
		return found, err
	}
	defer rows.Close()
	for rows.Next() {
		var each vendor
		if err := rows.Scan(&each.Prefix, &each.Name, &each.Address); err != nil {
			return found, err
		}
		found.Rows = append(found.Rows, each)
	}
	return found, rows.Err()
}

func main() {
	database, err := sql.Open("sqlite3", "file:"+os.Args[1]+"?mode=ro&_mutex=no")
	if err != nil {
		log.Fatal(err)
	}
	database.SetMaxOpenConns(10)
	database.SetMaxIdleConns(10)
	statement, err := database.Prepare(query)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/vendors/", func(w http.ResponseWriter, r *http.Request) {
		prefix := strings.TrimPrefix(r.URL.Path, "/vendors/")
		if prefix == "" || strings.Contains(prefix, "/") {
			writeProblem(w, http.StatusNotFound, "there is nothing at this path")
			return
		}
		if r.Method != http.MethodGet {
			w.Header().Set("Allow", "GET")
			writeProblem(w, http.StatusMethodNotAllowed, "this answers GET")
			return
		}
		found, err := find(statement, prefix)
		switch {
		case err != nil:
			log.Print(err)
			writeProblem(w, http.StatusInternalServerError, "the statement failed")
		case len(found.Rows) == 0:
			writeProblem(w, http.StatusNotFound, "nothing matches these parameters")
		default:
			writeJSON(w, http.StatusOK, "application/json", found)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[2], nil))
}
