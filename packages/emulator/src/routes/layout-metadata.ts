import { success } from '../answer.ts'
import type { SessionRoute } from '../call.ts'
import type { ValueListItem } from '../definition.ts'
import { layoutNamed } from '../hosted-database.ts'
import { jsonArray, jsonObject } from '../json.ts'
import type { JsonText } from '../json.ts'
import { recordIdOf, refuseUnknown } from '../parameters.ts'
import type { LayoutField } from '../solution.ts'

/** Fields, portals and value lists of a layout (section 3.8). */
export const layoutMetadata: SessionRoute = {
  method: 'GET',
  path: '/databases/{database}/layouts/{layout}',
  operation: 'GET /layouts/{layout}',
  access: 'session',
  run: ({ database, path, query }) => {
    refuseUnknown(query, (name) => name === 'recordId')
    // It chooses the record for related value lists; the lists here are custom ones and depend on none.
    if (query.recordId !== undefined) recordIdOf(query.recordId)
    const layout = layoutNamed(database, path.layout ?? '')
    const fields = [...layout.fields, ...layout.portals.flatMap((portal) => portal.fields)]
    const used = new Set(fields.flatMap(({ valueList }) => (valueList === undefined ? [] : [valueList])))
    const lists = [...used].map((name) => valueListJson(name, database.solution.valueLists.get(name) ?? []))
    const portals = layout.portals.map((portal) => [portal.key, jsonArray(portal.fields.map(fieldMetaData))] as const)
    return success(
      jsonObject([
        ['fieldMetaData', jsonArray(layout.fields.map(fieldMetaData))],
        ['portalMetaData', jsonObject(portals)],
        ...(lists.length === 0 ? [] : ([['valueLists', jsonArray(lists)]] as const)),
      ]),
    )
  },
}

/** The fields alone, in the shape of FileMaker Server 17 (section 3.9): `global` is a text there. */
export const oldLayoutMetadata: SessionRoute = {
  method: 'GET',
  path: '/databases/{database}/layouts/{layout}/metadata',
  operation: 'GET /layouts/{layout}/metadata',
  access: 'session',
  run: ({ database, path }) => {
    const layout = layoutNamed(database, path.layout ?? '')
    const fields = layout.fields.map(({ name, field, valueList }) =>
      jsonObject([
        ['name', JSON.stringify(name)],
        ['type', '"normal"'],
        ['result', JSON.stringify(resultType(field.type))],
        ...(valueList === undefined ? [] : ([['valueList', JSON.stringify(valueList)]] as const)),
        ['global', field.global ? '"true"' : '"false"'],
        ['repetitions', String(field.columns.length)],
        ['id', JSON.stringify(String(field.table.fields.indexOf(field) + 1))],
      ]),
    )
    return success(jsonObject([['metaData', jsonArray(fields)]]))
  },
}

function fieldMetaData({ name, field, valueList, displayType }: LayoutField): JsonText {
  return jsonObject([
    ['name', JSON.stringify(name)],
    ['type', '"normal"'],
    ['displayType', JSON.stringify(displayType)],
    ['result', JSON.stringify(resultType(field.type))],
    ...(valueList === undefined ? [] : ([['valueList', JSON.stringify(valueList)]] as const)),
    ['global', String(field.global)],
    ['autoEnter', String(field.definition.serial !== undefined)],
    ['fourDigitYear', 'false'],
    ['maxRepeat', String(field.columns.length)],
    ['maxCharacters', '0'],
    ['notEmpty', 'false'],
    ['numeric', 'false'],
    ['timeOfDay', 'false'],
    ['repetitionStart', '1'],
    ['repetitionEnd', String(field.columns.length)],
  ])
}

function resultType(type: string): string {
  return type === 'timestamp' ? 'timeStamp' : type
}

function valueListJson(name: string, items: readonly ValueListItem[]): JsonText {
  const values = items.map((item) => {
    const { value, displayValue } = typeof item === 'string' ? { value: item, displayValue: item } : item
    return jsonObject([
      ['displayValue', JSON.stringify(displayValue)],
      ['value', JSON.stringify(value)],
    ])
  })
  return jsonObject([
    ['name', JSON.stringify(name)],
    ['type', '"customList"'],
    ['values', jsonArray(values)],
  ])
}
