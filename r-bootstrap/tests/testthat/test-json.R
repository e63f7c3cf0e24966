test_that("values become JSON by the documented rules", {
  expect_equal(json(list(a = 1L, b = c(TRUE, NA), c = NULL, d = list())), '{"a":1,"b":[true,null],"c":null,"d":[]}')
  expect_equal(json(I("x")), '["x"]')
  expect_equal(json(c(0.1, 1e20, 1 / 3)), "[0.1,1e+20,0.33333333333333331]")
  expect_equal(json(character()), "[]")
})

test_that("strings are valid UTF-8 and escaped", {
  expect_equal(json("a\"\\\n\t\001\177"), '"a\\"\\\\\\n\\t\\u0001\\u007f"')
  expect_equal(json("\xc3\x28"), "\"\ufffd(\"")
  expect_equal(json("\xed\xa0\x80"), "\"\ufffd\ufffd\ufffd\"")
  latin <- "\xe9"
  Encoding(latin) <- "latin1"
  expect_equal(json(latin), "\"\u00e9\"")
})

test_that("what a frame cannot hold is NA", {
  expect_equal(json(strrep("x", 2e6)), NA_character_)
})

test_that("base64 is RFC 4648's", {
  encoded <- vapply(c("f", "fo", "foo", "foob"), function(x) .Call(C_base64, charToRaw(x)), "")
  expect_equal(unname(encoded), c("Zg==", "Zm8=", "Zm9v", "Zm9vYg=="))
})
