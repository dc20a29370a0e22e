"""GET /vendors/{prefix} in FastAPI with uvicorn: main.py DATABASE PORT"""
import logging
import sqlite3
import sys
from http import HTTPStatus

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

SQL = "select prefix, name, address from vendor where prefix = upper(:prefix) order by id"
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
app = FastAPI(openapi_url=None)


@app.exception_handler(HTTPException)
async def problem(_: Request, why: HTTPException):
    body = {"title": HTTPStatus(why.status_code).phrase, "status": why.status_code,
            "detail": why.detail}
    return JSONResponse(body, why.status_code, why.headers, "application/problem+json")


@app.get("/vendors/{prefix}")
async def vendors(prefix: str):
    # A look-up by an index is shorter than the way to another thread; sqlite3 keeps the statement.
    found = database.execute(SQL, {"prefix": prefix})
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row)) for row in found]
    if not rows:
        raise HTTPException(404, "nothing matches these parameters")
    return JSONResponse({"rows": rows})


if __name__ == "__main__":
    logging.disable(logging.INFO)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), loop="uvloop", http="httptools",
                log_level="warning", access_log=False)
