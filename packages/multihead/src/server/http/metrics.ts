/** @file Numbers for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Models } from '../models/models.js';
import type { RequestRecord } from './request-record.js';

const states = ['loading', 'ready', 'down'] as const;

/** A request that has been answered. */
interface Answered {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  readonly record: RequestRecord;
}

/** Counts requests and tokens. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests: Counter;
  private readonly duration: Histogram;
  private readonly firstToken: Histogram;
  private readonly tokens: Counter;

  /** @param running how many requests are being answered */
  constructor(models: Models, running: () => number) {
    const registers = [this.registry];
    const prefix = 'multihead_';
    collectDefaultMetrics({ register: this.registry, prefix });
    this.requests = new Counter({
      name: `${prefix}requests_total`,
      help: 'Requests that were answered',
      registers,
      labelNames: ['route', 'method', 'status'],
    });
    this.duration = new Histogram({
      name: `${prefix}request_duration_seconds`,
      help: 'Time from a request to the end of its answer',
      registers,
      labelNames: ['route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    });
    this.firstToken = new Histogram({
      name: `${prefix}time_to_first_token_seconds`,
      help: 'Time from a request to the first token of its stream',
      registers,
      labelNames: ['model'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    });
    this.tokens = new Counter({
      name: `${prefix}tokens_total`,
      help: 'Tokens that models read (prompt) and wrote (completion)',
      registers,
      labelNames: ['model', 'kind'],
    });
    const open: Gauge = new Gauge({
      name: `${prefix}requests_running`,
      help: 'Requests that are being answered',
      registers,
      collect: () => open.set(running()),
    });
    const state: Gauge<'model' | 'state'> = new Gauge({
      name: `${prefix}model_state`,
      help: '1 for the state that a model is in',
      registers,
      labelNames: ['model', 'state'],
      collect() {
        state.reset();
        for (const { info, state: current } of models.all) {
          for (const each of states) state.set({ model: info.name, state: each }, current === each ? 1 : 0);
        }
      },
    });
  }

  /** Counts an answer. */
  count({ route, method, status, seconds, record }: Answered): void {
    this.requests.inc({ route, method, status });
    this.duration.observe({ route }, seconds);
    const { model, tokens, firstToken } = record;
    if (model === undefined) return;
    this.tokens.inc({ model, kind: 'prompt' }, tokens.prompt);
    this.tokens.inc({ model, kind: 'completion' }, tokens.completion);
    if (firstToken !== undefined) this.firstToken.observe({ model }, firstToken / 1000);
  }
}
