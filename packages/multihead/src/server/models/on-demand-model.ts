/** @file A served model that is loaded when it is asked, and unloaded when another needs its memory. */
import { ForwardingModel } from './forwarding-model.js';
import type { MemoryBudget, Sleeper } from './memory-budget.js';
import type { ModelInfo, ModelState, ServedModel } from './served-model.js';

/** What a model on demand is made of. */
export interface OnDemandSettings {
  readonly info: ModelInfo;
  /** Bytes of its weights. */
  readonly size: number;
  readonly budget: MemoryBudget;
  /** Begins to load it. */
  open(): ServedModel;
}

/** Loads a model at once where there is room for it, else when it is asked: that call waits for it. */
export class OnDemandModel extends ForwardingModel implements Sleeper {
  readonly info: ModelInfo;
  readonly size: number;
  readonly ready: Promise<void>;
  private model: ServedModel | undefined;
  private waking: Promise<ServedModel> | undefined;
  /** Calls that have not reached the model yet. */
  private readonly arriving = new Set<Promise<unknown>>();

  constructor(private readonly settings: OnDemandSettings) {
    super();
    this.info = settings.info;
    this.size = settings.size;
    if (settings.budget.tryAdmit(this)) this.waking = this.load();
    this.ready = this.waking?.then(() => undefined) ?? Promise.resolve();
    this.ready.catch(() => undefined); // callers that await it handle the error
  }

  /** One that is not loaded answers, after a while. */
  get state(): ModelState {
    return this.model?.state ?? 'ready';
  }

  async sleep(): Promise<void> {
    const { model } = this;
    this.waking = undefined; // calls from now on wait until there is room again
    await Promise.allSettled(this.arriving);
    this.model = undefined;
    await model?.close();
  }

  async close(): Promise<void> {
    this.settings.budget.release(this);
    await this.sleep();
  }

  protected async forward<Result>(_inputs: number, work: (model: ServedModel) => Promise<Result>): Promise<Result> {
    this.settings.budget.touch(this);
    this.waking ??= this.settings.budget.admit(this).then(() => this.load());
    const { waking } = this;
    let result: Promise<Result> | undefined;
    // The model has the call as soon as `work` has begun: only then may it be told to finish what it has.
    const arrived = waking.then((model) => {
      result = work(model);
      result.catch(() => undefined);
    });
    this.arriving.add(arrived);
    try {
      await arrived;
    } catch (error) {
      if (this.waking === waking) this.waking = undefined;
      this.settings.budget.release(this);
      throw error;
    } finally {
      this.arriving.delete(arrived);
    }
    return result as Promise<Result>;
  }

  private async load(): Promise<ServedModel> {
    const model = this.settings.open();
    this.model = model;
    await model.ready;
    return model;
  }
}
