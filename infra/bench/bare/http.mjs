// @ts-check
import { createServer } from 'node:http';
import { endWithParent } from '../end-with-parent.mjs';
import { isClient, issue, issueOnThreadPool, jwks, tokenAnswer } from './work.mjs';

// The bare limit: node:http and nothing else. SIGNING is `loop` or `pool`; REMEMBER makes tokens known to /introspect.
const { PORT, SIGNING, REMEMBER } = process.env;

/** @type {Map<string, Record<string, unknown>>} */
const known = new Map();

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (text) => {
    body += text;
  });
  request.on('end', () => {
    if (request.url === '/jwks') return answer(response, jwks);
    if (!isClient(request.headers.authorization)) return answer(response, '{"error":"invalid_client"}', 401);
    if (request.url === '/introspect') return answer(response, introspection(body.slice('token='.length)));
    if (SIGNING === 'pool') issueOnThreadPool((issued) => answer(response, remember(issued)));
    else answer(response, remember(issue()));
  });
});

/** @param {import('./work.mjs').Issued} issued */
function remember({ token, claims }) {
  if (REMEMBER) known.set(token, claims);
  return JSON.stringify(tokenAnswer(token));
}

/** @param {string} token */
function introspection(token) {
  const claims = known.get(token);
  return claims ? JSON.stringify({ active: true, ...claims, token_type: 'Bearer' }) : '{"active":false}';
}

/** @param {import('node:http').ServerResponse} response @param {string} body */
function answer(response, body, status = 200) {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    .end(body);
}

server.listen(Number(PORT), '127.0.0.1', endWithParent);
