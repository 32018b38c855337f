# Provinces under any of their names.

test_that("Chinese names with any suffix, English ones with and without words, codes of two, four and six digits", {
  zh <- c("广西壮族自治区", "广西省", "广西", "新疆维吾尔自治区", "北京市", "内蒙古自治区", "西藏", "广\u3000东")
  expect_identical(standardise_units(zh),
                   c("Guangxi", "Guangxi", "Guangxi", "Xinjiang", "Beijing", "Inner Mongolia", "Tibet", "Guangdong"))
  en <- c("Guangxi Zhuang Autonomous Region", "shanxi province", "Shaanxi", "XIZANG",
          "Inner Mongolia Autonomous Region",
          "Beijing Municipality", "Ningxia Hui Autonomous Region")
  expect_identical(standardise_units(en), c("Guangxi", "Shanxi", "Shaanxi", "Tibet", "Inner Mongolia", "Beijing",
                                            "Ningxia"))
  expect_identical(standardise_units(c("44", "4400", "440000")), rep("Guangdong", 3))
  expect_identical(standardise_units(500000), "Chongqing")
  expect_identical(standardise_units(factor(c("65", NA))), c("Xinjiang", NA))
  expect_identical(standardise_units("陕西"), "Shaanxi")
  expect_identical(standardise_units("山西"), "Shanxi")
})

test_that("every province goes to every kind of name and back", {
  names <- c(provinces$province, "Tibet")
  for (to in c("name_zh", "short_zh", "code")) {
    there <- standardise_units(names, to)
    expect_identical(anyDuplicated(there), 0L)
    expect_identical(standardise_units(there), names)
  }
  expect_identical(standardise_units(provinces$province, "code"), provinces$adcode)
  expect_identical(standardise_units(provinces$province, "short_zh"), provinces$province_zh)
  expect_identical(standardise_units(c("西藏", "上海"), "name_zh"), c("西藏自治区", "上海市"))
})

test_that("cities, the whole country and other names are unknown", {
  for (x in c("吉林市", "Jilin City", "全国", "Atlantis", "1", "440100", "")) expect_refused(standardise_units(x), "unit")
  expect_identical(standardise_units(c("Hebei", "Atlantis", NA), unknown = "keep"), c("Hebei", "Atlantis", NA))
  expect_identical(standardise_units(c("Hebei", "Atlantis"), "code", "NA"), c(130000L, NA))
  expect_identical(standardise_units(character()), character())
  expect_refused(standardise_units("Hebei", to = "pinyin"), "choice")
})
