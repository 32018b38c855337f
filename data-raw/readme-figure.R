# Draws man/figures/README-index-and-resilience.png from the package's own functions and data.
# Run in the package root, with flowresil and ggplot2 installed: Rscript data-raw/readme-figure.R

library(flowresil)
library(ggplot2)
options(flowresil.quiet = TRUE)

wanted <- flow_indicators[flow_indicators$official, ]
panel <- province_panel[province_panel$year %in% 2009:2022, ]
panel <- interpolate_panel(panel, wanted$indicator, province, year, ends = "constant")
index <- data_flow_index(panel, wanted, province, year)
resilience <- export_resilience(province_panel, exports, province, year, base = 2008)

lines <- merge(panel[c("province", "year", "region")], as.data.frame(index))
lines <- merge(lines, as.data.frame(resilience))
what <- c("Data-flow index (entropy weights)", "Export resilience against 2008")
long <- rbind(
  data.frame(lines[c("province", "year", "region")], what = what[1], value = lines$index),
  data.frame(lines[c("province", "year", "region")], what = what[2], value = lines$resilience)
)
means <- aggregate(value ~ region + year + what, long, mean)
means$region <- factor(means$region, c("east", "central", "west"))

picture <- ggplot(long, aes(year, value)) +
  geom_line(aes(group = province), colour = "grey80", linewidth = 0.3) +
  geom_line(aes(colour = region), means, linewidth = 1) +
  facet_wrap(~what, scales = "free_y") +
  scale_colour_manual(values = c("#0072B2", "#D55E00", "#009E73")) +
  scale_x_continuous(breaks = c(2010, 2014, 2018, 2022)) +
  labs(x = NULL, y = NULL, colour = NULL,
       caption = "Grey: one line a province; colour: mean of a region") +
  theme_minimal(base_size = 11) +
  theme(panel.grid.minor = element_blank(), legend.position = "bottom",
        strip.text = element_text(face = "bold"))

dir.create("man/figures", showWarnings = FALSE, recursive = TRUE)
file <- "man/figures/README-index-and-resilience.png"
ggsave(file, picture, width = 8, height = 3.6, dpi = 110, bg = "white")
