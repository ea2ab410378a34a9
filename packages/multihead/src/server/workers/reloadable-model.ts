/** @file A served model that is replaced while it serves: the new one is ready before the old one ends, and no request is refused. */
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

/** Passes calls to the newest model that is ready. */
export class ReloadableModel implements ServedModel {
  private reloading: Promise<void> = Promise.resolve();
  private isClosed = false;

  private constructor(
    private readonly open: () => Promise<ServedModel>,
    private model: ServedModel,
  ) {}

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

  predict(
    task: string,
    inputs: readonly unknown[],
    parameters: Readonly<Record<string, unknown>>,
    call: Call,
  ): Promise<Predictions> {
    return this.model.predict(task, inputs, parameters, call);
  }

  embed(inputs: readonly TextOrTokens[], options: EmbedOptions, call: Call): Promise<Embeddings> {
    return this.model.embed(inputs, options, call);
  }

  generate(request: GenerateRequest, call: Call): Promise<Generation> {
    return this.model.generate(request, call);
  }

  tokenize(
    texts: readonly string[],
    options: { readonly addSpecialTokens: boolean },
    call: Call,
  ): Promise<Tokenized[]> {
    return this.model.tokenize(texts, options, call);
  }

  detokenize(
    tokenIds: readonly number[],
    options: { readonly skipSpecialTokens: boolean },
    call: Call,
  ): Promise<string> {
    return this.model.detokenize(tokenIds, options, call);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.reloading.catch(() => undefined);
    await this.model.close();
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
