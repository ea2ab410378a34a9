/** @file Graphs in a number format. */
import type { OnnxModel } from '../onnx/model.js';
import type { ParameterForms } from '../onnx/parameter-forms.js';
import { passes } from '../onnx/quantize/passes.js';
import { rewriteGraph } from '../onnx/quantize/rewrite-graph.js';
import { type DtypeName, dtypeNamed } from './dtypes.js';

/** A graph of float32 in a number format: its `parameters` are constants of the forms, and no inputs. */
export const inDtype = (model: OnnxModel, name: DtypeName, parameters: ParameterForms): OnnxModel =>
  rewriteGraph(
    model,
    dtypeNamed(name).passes.map((pass) => passes[pass]),
    parameters,
  );
