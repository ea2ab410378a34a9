/**
 * @file A served model in several workers. On processors, workers with a thread each answer more requests than one worker with all
 * threads, whose threads wait for each other in every operator; a request alone takes longer.
 */
import { untilRead } from '../models/open-calls.js';
import type {
  Call,
  Embeddings,
  EmbedOptions,
  GenerateRequest,
  Generation,
  ModelInfo,
  ModelState,
  Predictions,
  ServedModel,
  TextOrTokens,
  Tokenized,
} from '../models/served-model.js';

/** A worker, and the inputs that it has. */
interface Replica {
  readonly model: ServedModel;
  inputs: number;
}

/** Gives each call to the worker that has the fewest inputs. */
export class ReplicatedModel implements ServedModel {
  readonly ready: Promise<void>;
  private readonly replicas: readonly Replica[];

  /** @param models of the same folder, one or more */
  constructor(models: readonly ServedModel[]) {
    this.replicas = models.map((model) => ({ model, inputs: 0 }));
    this.ready = Promise.all(models.map(({ ready }) => ready)).then(() => undefined);
    this.ready.catch(() => undefined); // whoever waits for it handles it
  }

  /** `ready` while one of them is; all of them were at the start. */
  get state(): ModelState {
    const states = this.replicas.map(({ model }) => model.state);
    if (states.includes('loading')) return 'loading';
    return states.includes('ready') ? 'ready' : 'down';
  }

  get info(): ModelInfo {
    return (this.replicas[0] as Replica).model.info;
  }

  predict(
    task: string,
    inputs: readonly unknown[],
    parameters: Readonly<Record<string, unknown>>,
    call: Call,
  ): Promise<Predictions> {
    return this.call(inputs.length, (model) => model.predict(task, inputs, parameters, call));
  }

  embed(inputs: readonly TextOrTokens[], options: EmbedOptions, call: Call): Promise<Embeddings> {
    return this.call(inputs.length, (model) => model.embed(inputs, options, call));
  }

  async generate(request: GenerateRequest, call: Call): Promise<Generation> {
    const replica = this.leastBusy();
    const end = begin(replica, request.n);
    call.signal.addEventListener('abort', end, { once: true });
    try {
      const generation = await replica.model.generate(request, call);
      return { ...generation, pieces: untilRead(generation.pieces, end) };
    } catch (error) {
      end();
      throw error;
    }
  }

  tokenize(
    texts: readonly string[],
    options: { readonly addSpecialTokens: boolean },
    call: Call,
  ): Promise<Tokenized[]> {
    return this.call(1, (model) => model.tokenize(texts, options, call));
  }

  detokenize(
    tokenIds: readonly number[],
    options: { readonly skipSpecialTokens: boolean },
    call: Call,
  ): Promise<string> {
    return this.call(1, (model) => model.detokenize(tokenIds, options, call));
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map(({ model }) => model.close()));
  }

  private async call<Result>(inputs: number, work: (model: ServedModel) => Promise<Result>): Promise<Result> {
    const replica = this.leastBusy();
    const end = begin(replica, inputs);
    try {
      return await work(replica.model);
    } finally {
      end();
    }
  }

  /** The worker with the fewest inputs among those that answer or, where none does, among all: it says why. */
  private leastBusy(): Replica {
    const able = this.replicas.filter(({ model }) => model.state === 'ready');
    return (able.length > 0 ? able : this.replicas).reduce((least, each) =>
      each.inputs < least.inputs ? each : least,
    );
  }
}

/** Counts inputs of a worker until the returned function is called, once or more often. */
function begin(replica: Replica, inputs: number): () => void {
  let isOpen = true;
  replica.inputs += inputs;
  return () => {
    if (isOpen) replica.inputs -= inputs;
    isOpen = false;
  };
}
