// The names that every world gives to its object store and to the calls on it.
export const STORE_NAME = 'objects'
export const STORE_ROUTES = ['put', 'head', 'fetch', 'delete', 'deleteMany', 'list']
