/** @file A served model that has its calls answered by others. */
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
} from './served-model.js';

/** Forwards every call; subclasses choose the model that answers it. */
export abstract class ForwardingModel implements ServedModel {
  abstract readonly state: ModelState;
  abstract readonly info: ModelInfo;
  abstract readonly ready: Promise<void>;
  abstract close(): Promise<void>;

  /**
   * Chooses a model for a call.
   *
   * @param inputs number of inputs of the call
   * @param work   makes the call
   */
  protected abstract forward<Result>(inputs: number, work: (model: ServedModel) => Promise<Result>): Promise<Result>;

  predict(
    task: string,
    inputs: readonly unknown[],
    parameters: Readonly<Record<string, unknown>>,
    call: Call,
  ): Promise<Predictions> {
    return this.forward(inputs.length, (model) => model.predict(task, inputs, parameters, call));
  }

  embed(inputs: readonly TextOrTokens[], options: EmbedOptions, call: Call): Promise<Embeddings> {
    return this.forward(inputs.length, (model) => model.embed(inputs, options, call));
  }

  generate(request: GenerateRequest, call: Call): Promise<Generation> {
    return this.forward(request.n, (model) => model.generate(request, call));
  }

  tokenize(
    texts: readonly string[],
    options: { readonly addSpecialTokens: boolean },
    call: Call,
  ): Promise<Tokenized[]> {
    return this.forward(1, (model) => model.tokenize(texts, options, call));
  }

  detokenize(
    tokenIds: readonly number[],
    options: { readonly skipSpecialTokens: boolean },
    call: Call,
  ): Promise<string> {
    return this.forward(1, (model) => model.detokenize(tokenIds, options, call));
  }
}
