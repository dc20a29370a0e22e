// GET /vendors/{prefix} in Node with better-sqlite3: main.js DATABASE PORT
import http from 'node:http';
import Database from 'better-sqlite3';

const [file, port] = process.argv.slice(2);
const database = new Database(file, { readonly: true, fileMustExist: true });
const statement = database.prepare(
  'select prefix, name, address from vendor where prefix = upper(:prefix) order by id');

function send(response, status, type, value, more = {}) {
  const body = JSON.stringify(value);
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': length, ...more });
  response.end(body);
}

function problem(response, status, detail, more) {
  const title = http.STATUS_CODES[status];
  send(response, status, 'application/problem+json', { title, status, detail }, more);
}

function answer(request, response) {
  const [, collection, encoded, rest] = request.url.split('?', 1)[0].split('/');
  if (collection !== 'vendors' || !encoded || rest !== undefined)
    return problem(response, 404, 'there is nothing at this path');
  if (request.method !== 'GET')
    return problem(response, 405, 'this answers GET', { Allow: 'GET' });
  let prefix;
  try {
    prefix = decodeURIComponent(encoded);
  } catch {
    return problem(response, 400, 'the path is not UTF-8');
  }
  const rows = statement.all({ prefix });
  if (rows.length === 0)
    return problem(response, 404, 'nothing matches these parameters');
  send(response, 200, 'application/json', { rows });
}

const server = http.createServer((request, response) => {
  try {
    answer(request, response);
  } catch (error) {
    console.error(error);
    problem(response, 500, 'the statement failed');
  }
});
server.listen(Number(port), '127.0.0.1');
