"""The blur of a picture: letter for letter what the reference implementation writes."""

import pytest
from PIL import Image

from fedcoop.media.pictures import blurhash

SLOPE = Image.linear_gradient("L")
PICTURES = {
    "U9TSUA~qfQ~q~qoffQoffQfQfQfQ~qoffQof": Image.new("RGB", (32, 32), "white"),
    "U51Gpak]fQk]k]flfQflfQfQfQfQk]flfQfl": Image.new("RGB", (32, 32), (10, 120, 200)),
    "UVHC1Rt7~qxut7fQofj[~qofofofxuj[ofj[": Image.radial_gradient("L").resize((32, 32)),
    "U#HekBoUgzou2sWnfkWpy7j@fjj@XRfOfkfj": Image.merge(
        "RGB", (SLOPE, Image.radial_gradient("L"), SLOPE.rotate(90))
    ).resize((32, 32)),
}


@pytest.mark.parametrize("expected", PICTURES)
def test_a_picture_has_the_blur_that_every_client_draws(expected: str) -> None:
    assert blurhash(PICTURES[expected]) == expected
