import {
  flat,
  type ActionContext,
  type ActionRequest,
  type LocaleTranslationsBlock,
  type RecordActionResponse,
  type ResourceOptions,
} from 'adminjs';
import { canSomewhere, type Permission } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import type { ActionSpec, ListActionSpec } from './actions/action-spec.ts';
import { actorOf } from './actor.ts';
import type { Group, ResourceSpec } from './resource-spec.ts';

const ICONS: Record<Group, string> = { Building: 'Home', Metering: 'Activity', Bills: 'FileText', People: 'Users', Operation: 'Tool' };
const NO_ACTION = { isAccessible: false, isVisible: false } as const;

type Asked = Pick<ActionContext, 'currentAdmin'>;

function needs(permission: Permission | null) {
  return ({ currentAdmin }: Asked) => permission !== null && canSomewhere(actorOf(currentAdmin), permission);
}

/** How AdminJS shows a resource. */
export function resourceOptions(spec: ResourceSpec): ResourceOptions {
  const formFields = [...new Set([...(spec.create ?? []), ...(spec.edit ?? [])])];
  return {
    id: spec.id,
    navigation: { name: spec.group, icon: ICONS[spec.group] },
    titleProperty: spec.title,
    listProperties: spec.list,
    showProperties: spec.show,
    editProperties: formFields.length > 0 ? formFields : [spec.title],
    filterProperties: [...new Set([...(spec.filter ?? [spec.title])])],
    ...(spec.sort ? { sort: { sortBy: spec.sort.by, direction: spec.sort.direction } } : {}),
    properties: Object.fromEntries(Object.entries(spec.fields ?? {}).map(([name, field]) => [name, propertyOptions(field)])),
    actions: {
      list: { isAccessible: needs(spec.read) },
      search: { isAccessible: needs(spec.read) },
      show: { isAccessible: needs(spec.read), ...(spec.page ? { component: spec.page } : {}) },
      new: spec.create
        ? { isAccessible: needs(spec.change), layout: spec.create, before: onlyDeclared(spec.create), after: goOn(spec) }
        : NO_ACTION,
      edit: spec.edit
        ? { isAccessible: needs(spec.change), layout: spec.edit, before: onlyDeclared(spec.edit), after: onlyEditable(spec.edit) }
        : NO_ACTION,
      delete: spec.remove ? { isAccessible: needs(spec.change) } : NO_ACTION,
      bulkDelete: NO_ACTION,
      ...Object.fromEntries((spec.actions ?? []).map((action) => [action.name, actionOptions(action)])),
      ...Object.fromEntries((spec.listActions ?? []).map((action) => [action.name, listActionOptions(action)])),
    },
    translations: { en: translations(spec) },
  };
}

function propertyOptions(field: NonNullable<ResourceSpec['fields']>[string]): object {
  return {
    ...(field.type ? { type: field.type } : {}),
    ...(field.help ? { description: field.help } : {}),
    ...(field.values ? { availableValues: field.values } : {}),
    ...(field.edit ? { components: { edit: field.edit } } : {}),
  };
}

function translations(spec: ResourceSpec): LocaleTranslationsBlock {
  const computed = Object.entries(spec.computed ?? {}).map(([name, { label }]) => [name, label]);
  const labelled = Object.entries(spec.fields ?? {}).flatMap(([name, { label }]) => (label ? [[name, label]] : []));
  return {
    properties: Object.fromEntries([...computed, ...labelled]),
    actions: {
      new: `New ${spec.one.toLowerCase()}`,
      list: spec.label,
      show: 'Details',
      ...Object.fromEntries([...(spec.actions ?? []), ...(spec.listActions ?? [])].map((action) => [action.name, action.label])),
    },
    messages: { noRecordsInResource: spec.empty ?? `There are no ${spec.label.toLowerCase()} yet.` },
  };
}

/** A field of a form that is not declared is refused, not dropped: somebody tried. */
function refuseUndeclared(payload: Record<string, unknown>, declared: readonly string[]): void {
  const strangers = Object.keys(payload).filter((name) => !declared.includes(name));
  if (strangers.length > 0) throw new InvalidInput(Object.fromEntries(strangers.map((name) => [name, 'is not known here'])));
}

function onlyDeclared(declared: readonly string[]) {
  return (request: ActionRequest): ActionRequest => {
    if (request.method !== 'post') return request;
    const payload = request.payload ?? {};
    refuseUndeclared(payload, declared);
    // AdminJS would make 0 of an empty number.
    const cleaned = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, value === '' ? null : value]));
    return { ...request, payload: cleaned };
  };
}

/** What comes next after a row was made. */
function goOn(spec: ResourceSpec) {
  return (response: RecordActionResponse): RecordActionResponse => {
    const { id } = response.record;
    if (response.redirectUrl === undefined || !id) return response;
    return { ...response, redirectUrl: `/admin/resources/${spec.id}/records/${id}/${spec.afterCreate ?? 'show'}` };
  };
}

/** Its form sends back all it was given. */
function onlyEditable(editable: readonly string[]) {
  return (response: RecordActionResponse): RecordActionResponse => {
    const { record } = response;
    return { ...response, record: { ...record, params: flat.selectParams(record.params, [...editable]) ?? {} } };
  };
}

function listActionOptions({ icon, component, permission }: ListActionSpec): object {
  return { actionType: 'resource', icon, component, isAccessible: needs(permission), handler: () => ({}) };
}

function actionOptions(action: ActionSpec): object {
  return {
    actionType: 'record',
    icon: action.icon,
    component: action.component,
    isAccessible: needs(action.permission),
    isVisible: ({ record }: ActionContext) => !record || !action.isFor || action.isFor(record.params),
    handler: async (request: ActionRequest, _response: unknown, { record, resource, currentAdmin }: ActionContext) => {
      if (!record) throw new Error('AdminJS called a record action without a record.');
      const { run, ...input } = (request.payload ?? {}) as Record<string, string>;
      // The page asks the same address for the record when it opens.
      if (run !== 'true' || request.method !== 'post' || action.run === undefined) return { record: record.toJSON(currentAdmin) };
      refuseUndeclared(input, action.input);
      const { message, bad = false, data } = await action.run(actorOf(currentAdmin), Number(record.id()), input);
      const fresh = (await resource.findOne(String(record.id()), { currentAdmin } as ActionContext)) ?? record;
      return {
        record: fresh.toJSON(currentAdmin),
        notice: { message, type: bad ? 'error' : 'success' },
        data: data ?? { done: true },
        ...(action.afterwards ? { redirectUrl: `/admin/resources/${resource.id()}/records/${record.id()}/${action.afterwards}` } : {}),
      };
    },
  };
}
