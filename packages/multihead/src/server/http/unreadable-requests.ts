/** @file What cannot be read as a request gets an answer, too, in the form of all errors. */
import type { Socket } from 'node:net';
import { errorBody } from '../errors/error-schema.js';
import { ServeError } from '../errors/serve-error.js';

const answers: Readonly<Record<string, readonly [status: number, phrase: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request Header Fields Too Large',
    'headers_too_large',
    'the headers are larger than 16 KiB',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request_timeout', 'the request took too long to arrive'],
};
const malformed = [400, 'Bad Request', 'malformed_request', 'this is no request of HTTP'] as const;

/** Answers and closes a connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, phrase, code, message] = answers[error.code ?? ''] ?? malformed;
  const body = JSON.stringify(errorBody(new ServeError(message, { status, code })));
  const head = `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-type: application/json\r\n`;
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
