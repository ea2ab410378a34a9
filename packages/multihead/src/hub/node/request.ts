/** @file Questions to the hub: asked again where it is busy, and its refusals put into words. */
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../platform/errors.js';

const attempts = 5;
/** Who is offline should not wait long for being told so. */
const attemptsToConnect = 3;

/** The hub did not answer, or not with what was asked for: what is in the cache may do instead. */
export class Unreachable extends UserError {}

/** What the hub is asked about. */
export interface Subject {
  readonly where: string;
  /** `model` or `data set`. */
  readonly what: string;
  /** Called with a message when a wait is long enough for a user to wonder. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * Asks the hub.
 *
 * @param about    for errors: which model or data set is asked for, and which of the two it is
 * @param patience milliseconds that it has for its whole answer, each time; without it, as many as fetch gives
 * @throws Unreachable where it does not answer or stays busy, UserError where it refuses
 */
export async function request(
  url: string,
  init: RequestInit,
  { where, what, onNote }: Subject,
  patience?: number,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const limits = patience === undefined ? {} : { signal: AbortSignal.timeout(patience) };
    const response = await fetch(url, { ...init, ...limits }).catch((cause: unknown) => cause as Error);
    if (response instanceof Error && init.signal?.aborted) throw response;
    const status = response instanceof Error ? 0 : response.status;
    let delay = 200 * 2 ** attempt;
    let problem = status ? `the hub answered HTTP ${status}` : 'the hub cannot be reached';
    if (!(response instanceof Error)) {
      if (status >= 200 && status < 400) return response;
      if (status >= 400 && status < 500 && status !== 429)
        throw new UserError(`${where}: ${refusal(response).replaceAll('model', what)}`);
      const asked = retryAfter(response);
      delay = asked ?? delay;
      if (asked !== undefined) problem += ` and asks to wait ${Math.ceil(asked / 1000)} s`;
      await response.body?.cancel();
    }
    if (attempt === (status === 0 ? attemptsToConnect : attempts) || delay > longestDelay) {
      throw new Unreachable(`${where}: no such folder, and ${problem} (${url}). Try later, or give a local folder.`);
    }
    if (delay >= notableWait) onNote?.(`${where}: ${problem}; it is asked again in ${Math.ceil(delay / 1000)} s.`);
    await wait(delay);
  }
}

/** Milliseconds from which a wait is reported. */
export const notableWait = 1000;
/** Milliseconds. A longer wait is an error that says so. */
const longestDelay = 60_000;

/** Milliseconds that a busy hub asks to wait: `Retry-After`, in seconds or as a date. */
function retryAfter({ headers }: Response): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

/** What Hugging Face's hub says more exactly than a status does, in the header `x-error-code`. */
const codes: Readonly<Record<string, string>> = {
  RepoNotFound: 'no such folder, and the hub has no such model, or a private one. Check the name, or set HF_TOKEN.',
  RevisionNotFound: 'the hub has the model, but no such revision. Check the branch, tag or commit.',
  EntryNotFound: 'the hub has the model, but no such file in this revision.',
  GatedRepo: 'access is gated. Accept its terms on the hub, and set HF_TOKEN to a token that may read it.',
  DisabledRepo: 'the hub has disabled access to this model.',
};

function refusal({ status, headers }: Response): string {
  const code = headers.get('x-error-code') ?? '';
  if (Object.hasOwn(codes, code)) return codes[code] as string;
  if (status === 401) return 'the hub asks for a token, or has no such model. Set HF_TOKEN, or check the name.';
  if (status === 403) return codes.GatedRepo as string;
  if (status === 404)
    return 'no such folder, and the hub has no such model, revision or file. Check name and revision.';
  return `the hub answered HTTP ${status}`;
}
