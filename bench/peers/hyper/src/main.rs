//! GET /vendors/{prefix} in hyper with rusqlite: vendors DATABASE PORT [inline]
//!
//! A query runs on a thread of Tokio's blocking pool, as Tokio's documentation wants it; each thread
//! keeps a connection, which keeps its statement. With `inline` it runs where the request is read.
use std::{cell::RefCell, convert::Infallible, env, net::SocketAddr};

use hyper::header::{HeaderValue, ALLOW, CONTENT_TYPE};
use hyper::service::{make_service_fn, service_fn};
use hyper::{Body, Method, Request, Response, Server, StatusCode};
use once_cell::sync::OnceCell;
use percent_encoding::percent_decode_str;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;

const SQL: &str =
    "select prefix, name, address from vendor where prefix = upper(:prefix) order by id";

static DATABASE: OnceCell<String> = OnceCell::new();

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = RefCell::new(None);
}

#[derive(Serialize)]
struct Vendor<'a> {
    prefix: &'a str,
    name: &'a str,
    address: Option<&'a str>,
}

fn open() -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(DATABASE.get().expect("set by main"), flags)
}

/// The body of an answer; none where no row matches.
fn find(connection: &Connection, prefix: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached(SQL)?;
    let mut rows = statement.query(&[(":prefix", prefix)])?;
    let mut body = br#"{"rows":["#.to_vec();
    let mut found = false;
    while let Some(row) = rows.next()? {
        if found {
            body.push(b',');
        }
        found = true;
        let vendor = Vendor {
            prefix: row.get_ref(0)?.as_str()?,
            name: row.get_ref(1)?.as_str()?,
            address: row.get_ref(2)?.as_str_or_null()?,
        };
        serde_json::to_writer(&mut body, &vendor).expect("writes to memory");
    }
    body.extend_from_slice(b"]}");
    Ok(found.then_some(body))
}

fn find_on_this_thread(prefix: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    CONNECTION.with(|kept| {
        let mut kept = kept.borrow_mut();
        if kept.is_none() {
            *kept = Some(open()?);
        }
        find(kept.as_ref().expect("opened above"), prefix)
    })
}

async fn find_elsewhere(prefix: String) -> rusqlite::Result<Option<Vec<u8>>> {
    let found = tokio::task::spawn_blocking(move || find_on_this_thread(&prefix));
    found.await.expect("the query does not panic")
}

fn problem(status: StatusCode, detail: &str) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or_default();
    let body = serde_json::json!({"title": title, "status": status.as_u16(), "detail": detail});
    let mut answer = Response::new(Body::from(body.to_string()));
    *answer.status_mut() = status;
    let kind = HeaderValue::from_static("application/problem+json");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

async fn answer(request: Request<Body>, inline: bool) -> Result<Response<Body>, Infallible> {
    let prefix = match request.uri().path().strip_prefix("/vendors/") {
        Some(prefix) if !prefix.is_empty() && !prefix.contains('/') => prefix,
        _ => return Ok(problem(StatusCode::NOT_FOUND, "there is nothing at this path")),
    };
    if request.method() != Method::GET {
        let mut answer = problem(StatusCode::METHOD_NOT_ALLOWED, "this answers GET");
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
        return Ok(answer);
    }
    let prefix = match percent_decode_str(prefix).decode_utf8() {
        Ok(prefix) => prefix,
        Err(_) => return Ok(problem(StatusCode::BAD_REQUEST, "the path is not UTF-8")),
    };
    let found = if inline {
        find_on_this_thread(&prefix)
    } else {
        find_elsewhere(prefix.into_owned()).await
    };
    Ok(match found {
        Ok(Some(body)) => {
            let mut answer = Response::new(Body::from(body));
            let kind = HeaderValue::from_static("application/json");
            answer.headers_mut().insert(CONTENT_TYPE, kind);
            answer
        }
        Ok(None) => problem(StatusCode::NOT_FOUND, "nothing matches these parameters"),
        Err(why) => {
            eprintln!("vendors: {why}");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "the statement failed")
        }
    })
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = env::args().collect();
    let port = words[2].parse().expect("a port");
    let inline = words.get(3).map(String::as_str) == Some("inline");
    DATABASE.set(words[1].clone()).expect("set once");
    let service = make_service_fn(move |_| async move {
        Ok::<_, Infallible>(service_fn(move |request| answer(request, inline)))
    });
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let server = Server::bind(&address).tcp_nodelay(true).serve(service);
    server.await.expect("serves until it is ended");
}
