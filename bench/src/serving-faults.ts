/**
 * @file `npm run bench -- serving-faults --model DIR --classifier DIR --generator DIR --data DIR`: what a server does under load and
 * fault. Mixed traffic over 256 connections (embeddings, classification, generated text, clients that leave) with its memory; then a
 * worker is killed with SIGKILL under load; then the server gets SIGTERM under load.
 */
import { Agent, request as httpRequest } from 'node:http';
import { parseArgs } from 'node:util';
import { processTree, type RunningServer, residentMegabytes, serveMultihead } from './serving-process.js';
import { type EmbeddingRequest, embeddingRequests, post, randomNumbers } from './serving-traffic.js';

/** What came of requests, by model and status: `embed 200`, `embed 0` where the connection broke, `left` where the client left. */
type Statuses = Record<string, number>;

/** Traffic that goes on until it is stopped. */
interface Traffic {
  readonly statuses: Statuses;
  /** Resolves when the requests that were sent have been answered. */
  stop(): Promise<void>;
}

/** Sends requests of all kinds over connections. */
function startTraffic(url: string, requests: readonly EmbeddingRequest[], connections: number): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const random = randomNumbers(11);
  const statuses: Statuses = {};
  let isStopped = false;
  let next = 0;
  const one = async (): Promise<string> => {
    const { texts } = requests[next++ % requests.length] as EmbeddingRequest;
    const kind = random();
    if (kind < 0.1) return leave(`${url}/v1/embeddings`, { model: 'embed', input: texts }, agent);
    if (kind < 0.2) {
      const asked = { model: 'generate', inputs: texts[0], parameters: { maxNewTokens: 8 } };
      return `generate ${(await post(`${url}/v1/tasks/text-generation`, asked, agent)).status}`;
    }
    if (kind < 0.6) {
      const asked = { model: 'classify', inputs: texts };
      return `classify ${(await post(`${url}/v1/tasks/text-classification`, asked, agent)).status}`;
    }
    return `embed ${(await post(`${url}/v1/embeddings`, { model: 'embed', input: texts }, agent)).status}`;
  };
  const connection = async () => {
    while (!isStopped) {
      const status = await one();
      statuses[status] = (statuses[status] ?? 0) + 1;
      // A client that is refused waits, as retry-after asks it to.
      if (!isStopped && !status.endsWith('200') && status !== 'left')
        await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  const all = Promise.all(Array.from({ length: connections }, connection));
  return {
    statuses,
    stop: async () => {
      isStopped = true;
      await all;
      agent.destroy();
    },
  };
}

/** Sends a request, and leaves before it is answered. */
function leave(url: string, body: object, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const sent = httpRequest(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } });
    sent.on('error', () => undefined);
    sent.on('close', () => resolve('left'));
    sent.end(JSON.stringify(body));
    setTimeout(() => sent.destroy(), 200);
  });
}

/** Runs the benchmark and prints what happened. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: 'runs/minilm' },
      classifier: { type: 'string', default: 'runs/intents' },
      generator: { type: 'string', default: 'models/mini-gpt' },
      data: { type: 'string', default: '../shared/data' },
      connections: { type: 'string', default: '256' },
      minutes: { type: 'string', default: '1,5,10' },
    },
  });
  const connections = Number(values.connections);
  const requests = await embeddingRequests(values.data, values.model, 20_000);
  const models = [`embed=${values.model}`, `classify=${values.classifier}`, `generate=${values.generator}`];
  const server = await serveMultihead(models, ['--threads', '1']);
  const pid = server.child.pid as number;
  console.log(`at the start: ${residentMegabytes(pid).toFixed(0)} MB`);

  const first = startTraffic(server.url, requests, connections);
  let minute = 0;
  for (const until of values.minutes.split(',').map(Number)) {
    await new Promise((resolve) => setTimeout(resolve, 60_000 * (until - minute)));
    minute = until;
    const each = processTree(pid).map((one) => residentMegabytes(one).toFixed(0));
    console.log(
      `minute ${minute}: ${residentMegabytes(pid).toFixed(0)} MB (${each.join(', ')}); ${shown(first.statuses)}`,
    );
  }
  await killWorker(server, first.statuses);
  await first.stop();

  const last = startTraffic(server.url, requests, connections);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  server.child.kill('SIGTERM');
  const stopped = last.stop();
  await server.stop();
  await stopped;
  console.log(`SIGTERM under load: exit code ${server.child.exitCode}; ${shown(last.statuses)}`);
}

/** Kills the worker of the embeddings under load, and says how readiness and requests went. */
async function killWorker({ url, child }: RunningServer, statuses: Statuses): Promise<void> {
  const before = { ...statuses };
  const [, worker] = processTree(child.pid as number);
  const killed = performance.now();
  process.kill(worker as number, 'SIGKILL');
  const seconds = async (isReady: boolean) => {
    for (let i = 0; i < 3000; i++) {
      const { ok } = await fetch(`${url}/ready`);
      if (ok === isReady) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return ((performance.now() - killed) / 1000).toFixed(2);
  };
  console.log(
    `a worker is killed: not ready after ${await seconds(false)} s, ready again after ${await seconds(true)} s`,
  );
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const since = Object.entries(statuses).map(([status, count]) => [status, count - (before[status] ?? 0)]);
  console.log(`answers since: ${shown(Object.fromEntries(since))}`);
}

const shown = (statuses: Statuses): string =>
  Object.entries(statuses)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${status}: ${count}`)
    .toSorted()
    .join(', ');
