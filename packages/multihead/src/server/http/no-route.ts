/** @file Requests that no route answers. */
import { ServeError } from '../errors/serve-error.js';
import type { App } from './app.js';

/** 405 where the path has routes of other methods, else 404. */
export function noRoute(app: App, path: string): ServeError {
  const methods = app.routes
    .filter((route) => route.method !== 'ALL' && patternOf(route.path).test(path))
    .map(({ method }) => method);
  if (methods.length === 0) {
    const message = 'there is no such route; /openapi.json lists all';
    return new ServeError(message, { status: 404, code: 'not_found' });
  }
  const allow = [...new Set(methods)];
  const message = `this route takes ${allow.join(' and ')} alone`;
  return new ServeError(message, { status: 405, code: 'method_not_allowed', allow });
}

/** The paths of a route: `:name` is a part without slashes. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/:[^/]+/g, '[^/]+')}$`);
