/**
 * @file A served model in several workers. On processors, workers with a thread each answer more requests than one worker with all
 * threads, whose threads wait for each other in every operator; a request alone takes longer.
 */
import { ForwardingModel } from '../models/forwarding-model.js';
import { OpenCalls, untilRead } from '../models/open-calls.js';
import type { Call, GenerateRequest, Generation, ModelInfo, ModelState, ServedModel } from '../models/served-model.js';

/** A worker, and the inputs that it has. */
interface Replica {
  readonly model: ServedModel;
  readonly inputs: OpenCalls;
}

/** Gives each call to the worker that has the fewest inputs. */
export class ReplicatedModel extends ForwardingModel {
  readonly ready: Promise<void>;
  private readonly replicas: readonly Replica[];

  /** @param models of the same folder, one or more */
  constructor(models: readonly ServedModel[]) {
    super();
    this.replicas = models.map((model) => ({ model, inputs: new OpenCalls() }));
    this.ready = Promise.all(models.map(({ ready }) => ready)).then(() => undefined);
    this.ready.catch(() => undefined); // callers that await it handle the error
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

  override async generate(request: GenerateRequest, call: Call): Promise<Generation> {
    const replica = this.leastBusy();
    const end = replica.inputs.begin(request.n);
    call.signal.addEventListener('abort', end, { once: true });
    try {
      const generation = await replica.model.generate(request, call);
      return { ...generation, pieces: untilRead(generation.pieces, end) };
    } catch (error) {
      end();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map(({ model }) => model.close()));
  }

  protected async forward<Result>(inputs: number, work: (model: ServedModel) => Promise<Result>): Promise<Result> {
    const replica = this.leastBusy();
    const end = replica.inputs.begin(inputs);
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
      each.inputs.size < least.inputs.size ? each : least,
    );
  }
}
