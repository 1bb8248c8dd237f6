export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
}

interface Content {
  [type: string]: { schema: Schema };
}

export interface ApiDocument {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
        requestBody?: { content: Content };
        responses: Record<string, { $ref?: string; content?: Content }>;
        'x-permission'?: string;
      }
    >
  >;
  components: { schemas: Record<string, Schema>; responses: Record<string, { content?: Content }> };
}

export interface Operation {
  id: string;
  method: string;
  /** With `{names}`. */
  path: string;
  permission: string | null;
  parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  /** Of a JSON body; null where a file is sent. */
  body: Schema | null;
  bodyTypes: readonly string[];
  /** By status: the schema by the type of the content; none where there is nothing to say. */
  answers: ReadonlyMap<number, ReadonlyMap<string, Schema>>;
}

export function resolve(document: ApiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolve(document, document.components.schemas[name] ?? {});
}

function schemasOf(content: Content | undefined): Map<string, Schema> {
  return new Map(Object.entries(content ?? {}).map(([type, { schema }]) => [type, schema]));
}

/** Everything that the document says can be asked. */
export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = operation.requestBody?.content ?? {};
      const json = content['application/json'];
      const answers = Object.entries(operation.responses).map(([status, { $ref, content: own }]) => {
        const shared = $ref === undefined ? undefined : document.components.responses[$ref.split('/').at(-1) ?? ''];
        return [Number(status), schemasOf(shared?.content ?? own)] as const;
      });
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        permission: operation['x-permission'] ?? null,
        parameters: (operation.parameters ?? [])
          .filter((one) => one.in !== 'header')
          .map(({ required = false, ...parameter }) => ({ ...parameter, required })),
        body: json ? resolve(document, json.schema) : null,
        bodyTypes: Object.keys(content),
        answers: new Map(answers),
      };
    }),
  );
}
