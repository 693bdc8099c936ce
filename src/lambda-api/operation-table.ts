import type { ServiceModel } from './model/service-model.ts';
import type { Operation } from './operation.ts';
import { type InputPlan, planInput } from './protocol/input-plan.ts';
import { type OutputPlan, planOutput } from './protocol/output-plan.ts';
import { WireError } from './protocol/wire-error.ts';

/** An operation with how it looks on the wire. */
export interface PlannedOperation {
  readonly operation: Operation;
  readonly input: InputPlan;
  readonly output: OutputPlan;
}

/** The implemented operations by name. */
export class OperationTable {
  readonly #planned = new Map<string, PlannedOperation>();

  /** @throws where the model does not have an operation, or one is there twice. */
  constructor(model: ServiceModel, operations: readonly Operation[]) {
    for (const operation of operations) {
      const known = model.operations[operation.name];
      if (known === undefined) throw new Error(`The service model has no operation ${operation.name}.`);
      if (this.#planned.has(operation.name)) throw new Error(`${operation.name} is implemented twice.`);
      this.#planned.set(operation.name, {
        operation,
        input: planInput(model, known.input),
        output: planOutput(model, known),
      });
    }
  }

  /** @throws WireError where Thaw does not implement it; of the client's kind, so that clients do not try again. */
  find(name: string): PlannedOperation {
    const planned = this.#planned.get(name);
    if (planned !== undefined) return planned;
    throw new WireError(
      'NotImplementedException',
      400,
      `Thaw does not implement the operation ${name} of the Lambda API. docs/compatibility.md lists those that it does.`,
    );
  }
}
