import type { Call, Exchange } from './exchange/call.ts'
import { CALL_OPTIONS, checkCall, limitsOf, type CallOptions } from './call-options.ts'
import { flatten, type InFolders } from './folders.ts'
import { oneOf } from './checks.ts'
import { pathOf, ROUTES, type Route } from './wire/parameters.ts'
import { isObject, type JsonObject } from './wire/shapes.ts'

/** What the server says about itself. Newer servers leave out `version` and `buildDate`. */
export interface ProductInfo {
  readonly name: string
  readonly buildDate?: string
  readonly version?: string
  readonly dateFormat: string
  readonly timeFormat: string
  readonly timeStampFormat: string
}

/** A layout, or a folder of layouts. */
export interface LayoutEntry {
  readonly name: string
  readonly table?: string
  readonly isFolder?: boolean
  readonly folderLayoutNames?: readonly LayoutEntry[]
}

/** A script, or a folder of scripts. A separator is a script named `-`. */
export interface ScriptEntry {
  readonly name: string
  readonly isFolder: boolean
  readonly folderScriptNames?: readonly ScriptEntry[]
}

/** A layout, and the folders it stands in. */
export interface FlatLayoutEntry extends InFolders {
  readonly name: string
  readonly table?: string
}

/** A script, and the folders it stands in. */
export interface FlatScriptEntry extends InFolders {
  readonly name: string
}

export interface FoldersOptions extends CallOptions {
  /** `tree`: folders with what is in them. `flat`: without folders, each entry told where it stood. @defaultValue 'tree' */
  readonly folders?: 'tree' | 'flat' | undefined
}

/** What the server and the database consist of. */
export interface Metadata {
  /**
   * What the server says about itself. Needs no session.
   *
   * @see Claris FileMaker Data API Guide, "Get product information"
   */
  productInfo(options?: CallOptions): Promise<ProductInfo>
  /**
   * Names of the databases that the server shows to this account. Needs no session. With `oauth` and `heldToken` the server is
   * asked without credentials, and shows what it shows to everybody: an OAuth pair would be used up.
   *
   * @see Claris FileMaker Data API Guide, "Get database names"
   */
  databases(options?: CallOptions): Promise<readonly { readonly name: string }[]>
  /**
   * The database's layouts in their order, folders as trees or flattened.
   *
   * @see Claris FileMaker Data API Guide, "Get layout names"
   */
  layouts(options: FoldersOptions & { readonly folders: 'flat' }): Promise<readonly FlatLayoutEntry[]>
  layouts(options?: FoldersOptions & { readonly folders?: 'tree' | undefined }): Promise<readonly LayoutEntry[]>
  /**
   * The database's scripts in their order, folders as trees or flattened; separators are in the trees only.
   *
   * @see Claris FileMaker Data API Guide, "Get script names"
   */
  scripts(options: FoldersOptions & { readonly folders: 'flat' }): Promise<readonly FlatScriptEntry[]>
  scripts(options?: FoldersOptions & { readonly folders?: 'tree' | undefined }): Promise<readonly ScriptEntry[]>
}

export function createMetadata(
  exchange: Exchange,
  base: string,
  database: string,
  credentials: Call['instead'],
): Metadata {
  const ask = async (
    method: string,
    route: Route,
    options: CallOptions,
    instead?: Call['instead'],
  ): Promise<JsonObject> => {
    checkCall(method, options)
    const path = base + pathOf(route, { database })
    return exchange({ route, path, verb: 'read', ...(instead === undefined ? {} : { instead }), ...limitsOf(options) })
  }
  return {
    productInfo: async (options = {}) => {
      const response = await ask('productInfo', ROUTES.productInfo, options, 'nothing')
      // Claris' description has the keys directly under `response`, servers put `productInfo` between.
      return (response.productInfo ?? response) as unknown as ProductInfo
    },
    databases: async (options = {}) => {
      const response = await ask('databases', ROUTES.databases, options, credentials)
      return listOf(response.databases) as readonly { readonly name: string }[]
    },
    layouts: (async (options?: FoldersOptions) => {
      const { folders, ...limits } = readFolders('layouts', options)
      const layouts = listOf((await ask('layouts', ROUTES.layouts, limits)).layouts) as readonly LayoutEntry[]
      return folders === 'tree' ? layouts : flatten(layouts, ({ folderLayoutNames }) => folderLayoutNames)
    }) as Metadata['layouts'],
    scripts: (async (options?: FoldersOptions) => {
      const { folders, ...limits } = readFolders('scripts', options)
      const scripts = listOf((await ask('scripts', ROUTES.scripts, limits)).scripts) as readonly ScriptEntry[]
      if (folders === 'tree') return scripts
      const flat = flatten(scripts, ({ folderScriptNames }) => folderScriptNames)
      return flat.filter(({ name }) => name !== '-')
    }) as Metadata['scripts'],
  }
}

function readFolders(
  method: string,
  options: FoldersOptions = {},
): CallOptions & { readonly folders: 'tree' | 'flat' } {
  checkCall(method, options, ['folders', ...CALL_OPTIONS])
  const { folders = 'tree', ...limits } = options
  oneOf(`${method}: folders`, folders, ['tree', 'flat'])
  return { folders, ...limits }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
