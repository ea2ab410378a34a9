/** @file A served model that is replaced while it serves: the new one is ready before the old one ends, and no request is refused. */
import { ForwardingModel } from '../models/forwarding-model.js';
import type { ModelInfo, ModelState, ServedModel } from '../models/served-model.js';

/** Passes calls to the newest model that is ready. */
export class ReloadableModel extends ForwardingModel {
  private reloading: Promise<void> = Promise.resolve();
  private isClosed = false;

  private constructor(
    private readonly open: () => Promise<ServedModel>,
    private model: ServedModel,
  ) {
    super();
  }

  /** @param open makes the model, from what its folder holds at that time */
  static async open(open: () => Promise<ServedModel>): Promise<ReloadableModel> {
    return new ReloadableModel(open, await open());
  }

  get state(): ModelState {
    return this.model.state;
  }

  get info(): ModelInfo {
    return this.model.info;
  }

  get ready(): Promise<void> {
    return this.model.ready;
  }

  /**
   * Loads the folder anew, and replaces the model when the new one answers. Of several calls, one follows the other.
   *
   * @throws UserError where the folder cannot be loaded; the model is then served as before
   */
  reload(): Promise<void> {
    const before = this.reloading;
    this.reloading = before.catch(() => undefined).then(() => this.replace());
    this.reloading.catch(() => undefined);
    return this.reloading;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.reloading.catch(() => undefined);
    await this.model.close();
  }

  protected forward<Result>(_inputs: number, work: (model: ServedModel) => Promise<Result>): Promise<Result> {
    return work(this.model);
  }

  private async replace(): Promise<void> {
    if (this.isClosed) return;
    const next = await this.open();
    try {
      await next.ready;
    } catch (error) {
      await next.close();
      throw error;
    }
    const before = this.model;
    this.model = next;
    await before.close();
  }
}
