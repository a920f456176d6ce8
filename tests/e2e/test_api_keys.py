"""A key can be replaced without a gap, and closed."""

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.polling import eventually
from tests.e2e.store import Store


def test_a_key_is_rotated_and_then_revoked(cloud: LocalCloud, store: Store) -> None:
    shown = cloud.footfall("keys", "create", "shop", "--store", store.store_id)
    old = _key_in(shown)
    new = _key_in(cloud.footfall("keys", "rotate", "shop", "--store", store.store_id))
    assert old != new
    assert [_answer(store, old), _answer(store, new)] == [200, 200]

    listed = cloud.footfall("keys", "list", "--store", store.store_id)
    first_of_shop = next(line for line in listed.splitlines() if "shop" in line)
    cloud.footfall("keys", "revoke", first_of_shop.split()[0], "--store", store.store_id)
    eventually(lambda: _answer(store, old) == 401)
    assert _answer(store, new) == 200


def _key_in(shown: str) -> str:
    return next(word for word in shown.split() if word.startswith("footfall_"))


def _answer(store: Store, api_key: str) -> int:
    headers = {"Authorization": f"Bearer {api_key}"}
    return store.http.get("/event-names", headers=headers).status_code
